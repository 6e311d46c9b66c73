"""Health for machines and for people, and the living page of components."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import text

from contentlib import audit
from contentlib.accounts.permissions import requires
from contentlib.admin import health, queries
from contentlib.admin.forms import SampleForm
from contentlib.core.db import db
from contentlib.core.formatting import number
from contentlib.core.numbers import whole
from contentlib.core.paths import resource
from contentlib.jobs import queue

bp = Blueprint("admin", __name__)


@bp.get("/healthz")
@requires("public")
def alive() -> ResponseReturnValue:
    """Tell a supervisor that the process answers."""
    return {"status": "ok"}


@bp.get("/readyz")
@requires("public")
def ready() -> ResponseReturnValue:
    """Tell a load balancer whether requests can be served: the database must answer."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ready"}


@bp.get("/admin/health")
@requires("system.view")
def health_page() -> ResponseReturnValue:
    """Show every check and the jobs that wait for a person."""
    settings = current_app.extensions["settings"]
    return render_template(
        "admin/health.html",
        findings=list(health.checks(settings, resource("migrations"))),
        number=number,
        counts=queries.job_counts(),
        dead=queries.dead_jobs(),
    )


@bp.post("/admin/jobs/<int:job_id>/retry")
@requires("system.view")
def retry(job_id: int) -> ResponseReturnValue:
    """Let a dead job be tried again."""
    job = queries.get_dead_job(job_id)
    queue.retry(job)
    audit.record(audit.Action.JOB_RETRIED, subject=job, kind=job.kind, key=job.key)
    db.session.commit()
    flash(_("The job is waiting for the worker again."), "success")
    return redirect(url_for("admin.health_page"))


@bp.get("/admin/components")
@requires("system.view")
def components() -> ResponseReturnValue:
    """Show every component in all its states."""
    wrong = SampleForm(language="pt")
    wrong.validate()
    page = request.args.get("page", 2, type=whole)
    return render_template("admin/components.html", form=SampleForm(), wrong=wrong, page=page)


@bp.get("/admin/components/options")
@requires("system.view")
def component_options() -> ResponseReturnValue:
    """Answer the sample combobox with the deals whose name holds the typed words."""
    words = request.args.get("deal_text", "").casefold()
    return render_template("admin/components/options.html", words=words)
