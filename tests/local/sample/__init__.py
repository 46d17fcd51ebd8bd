"""Two small services, `notes` and `board`, for seeing the local world at work."""
