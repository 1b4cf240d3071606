"""Kariz, a CRM for sales teams that work in Persian, Turkish and English."""
