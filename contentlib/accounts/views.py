"""Pages about people: one's own settings, everybody for admins, the policy, demo sign-in."""

from urllib.parse import urlsplit, urlunsplit

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_security import login_user

from contentlib.accounts import queries, service
from contentlib.accounts.forms import ROLE_LABELS, LookForm, PreferencesForm, UserForm
from contentlib.accounts.invitations import one_time_link
from contentlib.accounts.models import Role, User
from contentlib.accounts.permissions import POLICY, me, requires
from contentlib.core.config import LOOPBACK
from contentlib.core.db import db
from contentlib.core.forms import Blaming

bp = Blueprint("accounts", __name__)


@bp.route("/me", methods=["GET", "POST"])
@requires("self")
def preferences() -> ResponseReturnValue:
    """Show and keep how a person wants the interface."""
    form = PreferencesForm(obj=me())
    if form.validate_on_submit():
        service.set_preferences(
            me(), language=form.language.data, timezone=form.timezone.data, theme=form.theme.data
        )
        db.session.commit()
        g.language = me().language
        flash(_("Saved."))
        return redirect(url_for("accounts.preferences"))
    return render_template("accounts/preferences.html", form=form)


@bp.post("/me/look")
@requires("self")
def look() -> ResponseReturnValue:
    """Change language or theme from the menu of any page, and stay there."""
    form = LookForm()
    if not form.validate():
        abort(400)
    service.set_look(me(), language=form.language.data, theme=form.theme.data)
    db.session.commit()
    back = urlsplit(request.referrer or "/")
    return redirect(urlunsplit(("", "", "/" + back.path.lstrip("/"), back.query, "")))


@bp.get("/admin/people")
@requires("user.edit")
def people() -> ResponseReturnValue:
    """List everybody and their teams."""
    return render_template(
        "accounts/people.html", people=queries.all_users(), role_labels=ROLE_LABELS
    )


@bp.route("/admin/people/new", methods=["GET", "POST"])
@requires("user.edit")
def new_person() -> ResponseReturnValue:
    """Invite a person by a one-time link that the admin passes on."""
    form = UserForm()
    if form.validate_on_submit():
        with Blaming(form):
            user = service.add_user(email=form.email.data, **form.facts())
            link = one_time_link(user)
            db.session.commit()
            return render_template("accounts/invited.html", person=user, link=link)
    return _person_page(form, None)


@bp.route("/admin/people/<int:user_id>", methods=["GET", "POST"])
@requires("user.edit")
def person(user_id: int) -> ResponseReturnValue:
    """Show and change one person."""
    user = queries.get_user(user_id)
    form = UserForm(data=UserForm.facts_of(user))
    if form.validate_on_submit():
        with Blaming(form):
            service.change_user(user, active=form.active.data, **form.facts())
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for("accounts.people"))
    return _person_page(form, user)


def _person_page(form: UserForm, user: User | None) -> ResponseReturnValue:
    page = render_template(
        "accounts/person.html", form=form, person=user, teams=queries.all_teams()
    )
    return page, 422 if form.errors else 200


@bp.post("/admin/people/<int:user_id>/link")
@requires("user.edit")
def new_link(user_id: int) -> ResponseReturnValue:
    """Make a one-time link for a person who cannot enter."""
    user = queries.get_user(user_id)
    link = one_time_link(user)
    db.session.commit()
    return render_template("accounts/invited.html", person=user, link=link)


@bp.get("/admin/permissions")
@requires("user.edit")
def permissions() -> ResponseReturnValue:
    """Show the whole policy as a table."""
    return render_template(
        "accounts/permissions.html", policy=POLICY, roles=list(Role), role_labels=ROLE_LABELS
    )


@bp.post("/demo/sign-in/<int:user_id>")
@requires("public")
def demo_sign_in(user_id: int) -> ResponseReturnValue:
    """Enter as a demo person: only in a demo, and only from this machine."""
    if not current_app.config["DEMO"] or request.remote_addr not in LOOPBACK:
        abort(404)
    login_user(queries.get_user(user_id))
    db.session.commit()
    return redirect("/")
