"""The reports' blueprint; each report has its views in a file of its own."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
