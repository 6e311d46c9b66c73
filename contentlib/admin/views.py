"""Pages about the installation itself."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from contentlib.accounts.permissions import requires
from contentlib.admin.forms import SampleForm

bp = Blueprint("admin", __name__)


@bp.get("/admin/components")
@requires("system.view")
def components() -> ResponseReturnValue:
    """Show every component in all its states."""
    wrong = SampleForm(language="pt")
    wrong.validate()
    page = request.args.get("page", 2, type=int)
    return render_template("admin/components.html", form=SampleForm(), wrong=wrong, page=page)


@bp.get("/admin/components/options")
@requires("system.view")
def component_options() -> ResponseReturnValue:
    """Answer the sample combobox with the deals whose name holds the typed words."""
    words = request.args.get("deal_text", "").casefold()
    return render_template("admin/components/options.html", words=words)
