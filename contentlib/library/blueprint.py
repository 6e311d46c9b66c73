"""The one blueprint that every page of the library is attached to."""

from flask import Blueprint
from flask_babel import gettext

from contentlib.library.markdown import render_markdown
from contentlib.library.written import field_name

bp = Blueprint("library", __name__)
bp.add_app_template_filter(field_name, "field_name")
bp.add_app_template_filter(render_markdown, "markdown")
bp.add_app_template_filter(gettext, "gettext")
