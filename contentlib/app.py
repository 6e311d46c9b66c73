"""create_app(): names every part of the product; the only place where they all meet."""

from typing import Any
from urllib.parse import urlsplit

from flask import Flask, request
from flask_compress import Compress
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from contentlib import navigation
from contentlib.accounts import permissions, security
from contentlib.accounts import views as account_views
from contentlib.admin import views as admin_views
from contentlib.admin.trail import views as trail_views
from contentlib.audit import jobs as _audit_jobs  # noqa: F401 - registers its handlers
from contentlib.core import (
    bytes_host,
    cookieless,
    errorpages,
    formatting,
    headers,
    i18n,
    logs,
    statics,
)
from contentlib.core.config import Settings
from contentlib.core.db import absolute_sqlite, begin_read_only, db
from contentlib.core.numbers import BoundedInteger
from contentlib.core.paths import resource
from contentlib.core.requests import CleanRequest
from contentlib.core.sqlite import make_sqlite_honest
from contentlib.deals import close_views, fill_views, outside_views, taking_views, use_views
from contentlib.deals import models as _deals  # noqa: F401 - its tables belong to the metadata
from contentlib.deals import views as deal_views
from contentlib.deals.answers import models as _answers  # noqa: F401
from contentlib.deals.answers import views as answer_views
from contentlib.deals.retros import jobs as _retro_jobs  # noqa: F401 - registers its handler
from contentlib.deals.retros import link_views as retro_link_views
from contentlib.deals.retros import views as retro_views
from contentlib.feedback import comment_views, flag_views, suggestion_views
from contentlib.feedback import views as feedback_views
from contentlib.finding import near_views, palette_views, saved_views, term_views
from contentlib.finding import views as finding_views
from contentlib.importing import jobs as _importing_jobs  # noqa: F401 - registers its handlers
from contentlib.importing import views as importing_views
from contentlib.importing.bundles import jobs as _bundle_jobs  # noqa: F401 - registers its handlers
from contentlib.importing.bundles import rule_views, sending_views
from contentlib.importing.bundles import tidying as _tidying  # noqa: F401 - registers its handler
from contentlib.importing.bundles import views as bundle_views
from contentlib.jobs import models as _jobs  # noqa: F401
from contentlib.library import blueprint as library
from contentlib.library import documents as _documents  # noqa: F401 - registers its source
from contentlib.library import edit_views, shelf_views, taxonomy_views, written_views
from contentlib.library import views as library_views
from contentlib.library.care import keeping_views, quarantine_views
from contentlib.library.care import removal_jobs as _removals  # noqa: F401 - registers its handlers
from contentlib.library.care import scan_jobs as _scan_jobs  # noqa: F401 - registers its handlers
from contentlib.library.care import sweeping as _sweeping  # noqa: F401 - registers its handlers
from contentlib.library.files import jobs as _library_jobs  # noqa: F401 - registers its handlers
from contentlib.library.files import page_end_jobs as _page_ends  # noqa: F401 - its handler
from contentlib.library.files import read_views as reading_views
from contentlib.library.files import sending
from contentlib.library.files import views as byte_views
from contentlib.library.release import views as release_views
from contentlib.library.uploads import direct_views
from contentlib.library.uploads import parts_views as uploading_views
from contentlib.library.uploads import views as upload_views
from contentlib.mail import open_mailer
from contentlib.notifications import jobs as _notification_jobs  # noqa: F401 - its handlers
from contentlib.notifications import models as _notifications  # noqa: F401
from contentlib.notifications import password_views
from contentlib.notifications import views as notification_views
from contentlib.prep import choice_views as prep_choice_views
from contentlib.prep import views as prep_views
from contentlib.receiving import door
from contentlib.receiving import jobs as _receiving_jobs  # noqa: F401 - registers its handlers
from contentlib.reports import asset_views, revenue_views, search_views
from contentlib.reports import use_views as use_report_views
from contentlib.reports import views as report_views
from contentlib.reports.facts import jobs as _month_jobs  # noqa: F401 - registers its handler
from contentlib.requests import answer_views as request_answer_views
from contentlib.requests import page_views as request_page_views
from contentlib.requests import views as request_views
from contentlib.search import jobs as _search_jobs  # noqa: F401 - registers its handlers
from contentlib.sharing import brand_views, consent_views, gate_views, link_views, public
from contentlib.sharing import byte_views as share_byte_views
from contentlib.sharing import jobs as _sharing_jobs  # noqa: F401 - registers its handler
from contentlib.sharing import views as share_views
from contentlib.sharing.touches import models as _touches  # noqa: F401
from contentlib.sharing.visits import beacon_views
from contentlib.sharing.visits import jobs as _visit_jobs  # noqa: F401 - registers its handler
from contentlib.sharing.visits import models as _visits  # noqa: F401
from contentlib.sharing.visits import views as visit_views
from contentlib.today import views as today_views
from contentlib.usage import models as _usage  # noqa: F401

# A package whose views fill several files has them share one blueprint.
BLUEPRINTS = (
    account_views.bp,
    admin_views.bp,
    beacon_views.bp,
    deal_views.bp,
    feedback_views.bp,
    finding_views.bp,
    importing_views.bp,
    library.bp,
    notification_views.bp,
    prep_views.bp,
    public.bp,
    report_views.bp,
    request_views.bp,
    share_views.bp,
    today_views.bp,
)
SHARED_BY = (
    answer_views,
    asset_views,
    brand_views,
    bundle_views,
    byte_views,
    close_views,
    comment_views,
    consent_views,
    direct_views,
    edit_views,
    fill_views,
    flag_views,
    gate_views,
    keeping_views,
    library_views,
    link_views,
    near_views,
    outside_views,
    palette_views,
    prep_choice_views,
    quarantine_views,
    reading_views,
    release_views,
    request_answer_views,
    request_page_views,
    retro_link_views,
    retro_views,
    revenue_views,
    rule_views,
    saved_views,
    search_views,
    sending_views,
    share_byte_views,
    shelf_views,
    suggestion_views,
    taking_views,
    taxonomy_views,
    term_views,
    trail_views,
    upload_views,
    uploading_views,
    use_report_views,
    use_views,
    visit_views,
    written_views,
)

compress = Compress()
csrf = CSRFProtect()
migrate = Migrate()


def create_app(settings: Settings | None = None) -> Flask:
    """Build the application from settings, or refuse with a sentence why not."""
    settings = settings or Settings()
    if settings.mail_url:
        # A setting that names none is refused now, not when the first letter is due.
        open_mailer(settings.mail_url, sender=settings.mail_from)
    static = resource("static")
    app = Flask(
        "contentlib",
        template_folder=str(resource("templates")),
        static_folder=str(static),
        static_url_path=f"/static/{statics.digest(static)}",
    )
    app.config.update(configuration(settings))
    app.jinja_env.undefined = StrictUndefined
    app.extensions["settings"] = settings
    app.request_class = CleanRequest
    app.url_map.converters["int"] = BoundedInteger
    _connect_parts(app, settings)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    permissions.refuse_undeclared_routes(app)
    return app


def configuration(settings: Settings) -> dict[str, Any]:
    """Return Flask's own settings, derived from ours."""
    prefix = "__Host-" if settings.https else ""
    host = urlsplit(settings.base_url).hostname
    hosts = settings.trusted_hosts or [str(host), "localhost", "127.0.0.1"]
    if settings.content_origin:
        hosts = [*hosts, str(urlsplit(settings.content_origin).hostname)]
    return security.configuration(settings) | {
        "SQLALCHEMY_DATABASE_URI": absolute_sqlite(settings.database_url),
        "MAX_CONTENT_LENGTH": (settings.max_upload_mb + 1) * 2**20,
        "MAX_FORM_MEMORY_SIZE": 2**20,
        "MAX_FORM_PARTS": 2000,
        "TRUSTED_HOSTS": hosts,
        "SEND_FILE_MAX_AGE_DEFAULT": statics.ONE_YEAR,
        "SESSION_COOKIE_NAME": f"{prefix}contentlib",
        "SESSION_COOKIE_SECURE": settings.https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BASE_URL": settings.base_url,
        "PREFERRED_URL_SCHEME": urlsplit(settings.base_url).scheme,
        "DEMO": settings.demo,
        "COMPRESS_CACHE_KEY": lambda request: request.path,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 5,
    }


def _connect_parts(app: Flask, settings: Settings) -> None:
    db.init_app(app)
    with app.app_context():
        make_sqlite_honest(db.engine)
    migrate.init_app(app, db, directory=str(resource("migrations")), render_as_batch=True)
    app.before_request(lambda: begin_read_only(request.method in ("GET", "HEAD", "OPTIONS")))
    statics.init_app(app)
    cookieless.init_app(app)
    logs.configure(settings.log_format)
    logs.init_app(app)
    headers.init_app(app, https=settings.https, bytes_from=sending.origins)
    bytes_host.init_app(app, settings.content_origin)
    door.init_app(app)
    csrf.init_app(app)
    csrf.exempt(beacon_views.seen)
    # Buyers have no session that a foreign page could make use of.
    csrf.exempt(public.bp)
    compress.init_app(app)
    i18n.init_app(app, settings.default_language, settings.timezone)
    formatting.init_app(app)
    security.init_app(app)
    password_views.init_app(app)
    errorpages.init_app(app)
    navigation.init_app(app)
