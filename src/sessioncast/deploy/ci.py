"""Scheduled CI jobs at GitHub and GitLab, signed in to AWS without a stored key where the bucket is there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sessioncast.deploy.rhythm import rhythm
from sessioncast.deploy.texts import FOLDER, common, filled, keys, listed, variables
from sessioncast.deploy.value import Place, Plan, Planned
from sessioncast.store.opening import places
from sessioncast.store.policies import publisher

if TYPE_CHECKING:
    from sessioncast.project import Project

_WORKFLOW = ".github/workflows/sessioncast.yml"


def github(project: Project, place: Place) -> Plan:
    """Return the workflow; for AWS the policy and the trust of its role too."""
    when, aws = rhythm(project.show, project.sessions), _is_aws(project)
    names = (*(() if aws else keys(project)), *variables(project))
    keeps = bool(project.auto.sources or project.zoom.model_fields_set or project.inbox.folder)
    region = json.dumps(project.store.region or "us-east-1")
    secrets = "".join(f"\n          {name}: ${{{{ secrets.{name} }}}}" for name in names)
    values = common(project, when) | {
        "CRONS": "\n".join(f'    - cron: "{line}"' for line in when.crons()),
        "CONTENTS": "write # what a pass reads and matches is kept in this repository" if keeps else "read",
        "TOKEN": filled("github_token.yml", {}) if aws else "",
        "SIGN_IN": filled("github_aws.yml", {"REGION": region}) if aws else "",
        "ENV": f"\n        env:{secrets}" if names else "",
        "STAYS": "true" if keeps else "false",
        "KEEP": filled("github_keep.yml", {}) if keeps else "",
    }
    files = [Planned(_WORKFLOW, filled("github.yml", values))]
    steps = [f"gh secret set {name}   (or: Settings, Secrets and variables, Actions)" for name in names]
    if aws:
        trust = Planned(f"{FOLDER}/github-trust.json", filled("github-trust.json", {}))
        files += [*policy(project, place).files, trust]
        steps = [
            "in AWS, IAM: add the identity provider https://token.actions.githubusercontent.com with the audience sts.amazonaws.com, once an account",
            f"make a role with {trust.path} (fill in ACCOUNT and OWNER/REPOSITORY) and {FOLDER}/s3-policy.json",
            "gh secret set SESSIONCAST_ROLE_ARN   (arn:aws:iam::ACCOUNT:role/NAME)",
            *steps,
        ]
    if not place.is_repository:
        steps = ["make the show folder the root of its repository: GitHub looks for workflows nowhere else", *steps]
    steps += [
        f"git add -f {' '.join(file.path for file in files)}, commit and push",
        "gh workflow run sessioncast.yml   tries it at once",
    ]
    return Plan(tuple(files), tuple(steps))


def gitlab(project: Project, place: Place) -> Plan:
    """Return the pipeline; for AWS the policy of its role too."""
    when, aws = rhythm(project.show, project.sessions), _is_aws(project)
    names = (*(() if aws else keys(project)), *variables(project))
    values = common(project, when) | {
        "CRONS": "\n".join(f"#     {line}" for line in when.crons()),
        "NAMES": listed(names, "#     {}"),
        "SIGN_IN": filled("gitlab_aws.yml", {}) if aws else "",
        "TOKEN": filled("gitlab_token.yml", {}) if aws else "",
    }
    files = [Planned(".gitlab-ci.yml", filled("gitlab.yml", values))]
    steps = [f"Settings, CI/CD, Variables: add {name}, masked and protected" for name in names]
    if aws:
        files += policy(project, place).files
        steps = [
            "in AWS, IAM: add the identity provider https://gitlab.com (or your own GitLab) with itself as audience, once an account",
            f"make a role that trusts project_path:GROUP/PROJECT:ref_type:branch:ref:main of it, with {FOLDER}/s3-policy.json",
            "Settings, CI/CD, Variables: add AWS_ROLE_ARN with the role's ARN",
            *steps,
        ]
    steps += ["Build, Pipeline schedules: add one for each schedule that stands in .gitlab-ci.yml"]
    return Plan(tuple(files), tuple(steps))


def policy(project: Project, place: Place) -> Plan:
    """Return what the identity that publishes may do in the bucket, and no more."""
    del place
    document = json.dumps(publisher(*places(project.store)), indent=2) + "\n"
    path = f"{FOLDER}/s3-policy.json"
    step = f"give {path} to the role or user that publishes, and nothing else: it reads and writes the two roots"
    return Plan((Planned(path, document),), (step,))


def _is_aws(project: Project) -> bool:
    """Whether the bucket is Amazon's own, whose roles a CI job can take on without any key."""
    return project.store.endpoint_url is None
