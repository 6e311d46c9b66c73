"""Pages of news: the list, the panel behind the bell, and how one wants to be told by e-mail."""

from urllib.parse import urlencode

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from contentlib.accounts.permissions import me, requires
from contentlib.core.clock import today
from contentlib.core.db import begin_writing, db
from contentlib.core.errors import N_, Invalid
from contentlib.core.numbers import whole
from contentlib.core.paging import page_number, paginate
from contentlib.mail.current import mail_is_set_up
from contentlib.notifications import queries, service
from contentlib.notifications.addresses import is_here
from contentlib.notifications.days import by_day
from contentlib.notifications.kinds import icon_of, kinds_for, rules_of
from contentlib.notifications.letter_paths import NUMBER
from contentlib.notifications.models import How
from contentlib.notifications.readers import zone_of
from contentlib.notifications.words import words_of

bp = Blueprint("notifications", __name__)

PAGE_SIZE = 50
IN_THE_PANEL = 6


@bp.before_app_request
def come_by_letter() -> ResponseReturnValue | None:
    """Note that a person saw the news of the letter they come by, and go on to the page itself.

    A page that a browser fetches ahead was seen by nobody yet.
    """
    number = request.args.get(NUMBER, type=whole)
    if number is None or request.method != "GET" or not current_user.is_authenticated:
        return None
    news, path = queries.find_news(me().id, number), _without_number()
    if news is None or not is_here(path) or "prefetch" in request.headers.get("Sec-Purpose", ""):
        return None
    begin_writing()
    service.mark_seen(news)
    db.session.commit()
    return redirect(path, 303)


def _without_number() -> str:
    rest = [pair for pair in request.args.items(multi=True) if pair[0] != NUMBER]
    return f"{request.path}?{urlencode(rest)}" if rest else request.path


@bp.get("/notifications")
@requires("self")
def listed() -> ResponseReturnValue:
    """Show what a person was told, day by day."""
    only_unseen = request.args.get("show") == "unseen"
    rows = queries.unseen_by(me().id) if only_unseen else queries.told_to(me().id)
    page = paginate(rows, number=page_number(request.args.get("page")), size=PAGE_SIZE)
    zone, newest = zone_of(me()), queries.latest(me().id, 1)
    return render_template(
        "notifications/list.html",
        page=page,
        days=list(by_day(page.rows, zone)),
        today=today(zone),
        only_unseen=only_unseen,
        newest=newest[0].id if newest else 0,
        unseen=queries.unseen_count(me().id),
        words_of=words_of,
        icon_of=icon_of,
        rules_of=rules_of,
        page_url=lambda number: url_for(
            "notifications.listed", show=request.args.get("show"), page=number
        ),
    )


@bp.get("/notifications/latest")
@requires("self")
def panel() -> ResponseReturnValue:
    """Give what stands behind the bell: what was told last."""
    rows = queries.latest(me().id, IN_THE_PANEL)
    return render_template(
        "notifications/latest.html",
        rows=rows,
        words_of=words_of,
        icon_of=icon_of,
        rules_of=rules_of,
    )


@bp.post("/notifications/<int:news_id>/open")
@requires("self")
def follow(news_id: int) -> ResponseReturnValue:
    """Note that a person saw some news, and lead to what it is about."""
    news = queries.get_news(me().id, news_id)
    service.mark_seen(news)
    db.session.commit()
    # A row may have come from elsewhere, such as a backup; nothing leads out of this site.
    if not is_here(news.address):
        abort(404)
    return redirect(news.address, 303)


@bp.post("/notifications/<int:news_id>/seen")
@requires("self")
def seen(news_id: int) -> ResponseReturnValue:
    """Note that a person saw some news, and stay on the list."""
    service.mark_seen(queries.get_news(me().id, news_id))
    db.session.commit()
    return _back()


@bp.post("/notifications/seen")
@requires("self")
def all_seen() -> ResponseReturnValue:
    """Note that a person saw everything up to the news that their page named last."""
    service.mark_all_seen(me(), up_to=request.form.get("up_to", 0, type=whole))
    db.session.commit()
    return _back()


def _back() -> ResponseReturnValue:
    """Lead back to the list as it was."""
    show = "unseen" if request.form.get("show") == "unseen" else None
    number = page_number(request.form.get("page"))
    return redirect(
        url_for("notifications.listed", show=show, page=number if number > 1 else None), 303
    )


@bp.route("/me/notifications", methods=["GET", "POST"])
@requires("self")
def preferences() -> ResponseReturnValue:
    """Show and keep how a person wants to be told of each kind by e-mail."""
    groups = kinds_for(me().role)
    if request.method == "POST":
        names = [kind.name for group in groups for kind in group.kinds]
        service.choose_ways(me(), {name: _way(name) for name in names if name in request.form})
        db.session.commit()
        flash(_("Saved."))
        return redirect(url_for("notifications.preferences"), 303)
    return render_template(
        "notifications/preferences.html",
        groups=groups,
        ways=queries.ways_of(me().id),
        has_mail=mail_is_set_up(),
    )


def _way(name: str) -> How:
    try:
        return How(request.form[name])
    except ValueError:
        raise Invalid(N_("Choose one of the ways that are offered.")) from None
