"""The gate: an offer is put to the owners of those it is for, and reaches whom they let it."""
