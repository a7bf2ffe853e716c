"""The browser app: pages that call the Desk and show its values. The only door to streamlit."""
