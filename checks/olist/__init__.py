"""What the view of a person must show, by the CSV files of the Olist shop data alone."""
