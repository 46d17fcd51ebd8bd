"""The whole system on one machine: what runs our code in AWS, played in one process."""
