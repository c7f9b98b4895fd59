"""Draws clinical photographs of people who do not exist, and knows where each lesion is."""
