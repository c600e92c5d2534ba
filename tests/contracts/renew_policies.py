"""Write the golden file of policies from the models, to be reviewed as a difference."""

import json
import os
import tempfile
from pathlib import Path


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "backend.settings"
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MUSTER_DATA"] = folder
        import django

        django.setup()
        from backend.tenancy import walls

        present = [
            {
                "table": policy.table,
                "name": policy.name,
                "command": policy.command,
                "using": policy.using,
                "check": policy.check,
            }
            for policy in walls.wanted()
        ]
    Path(__file__).with_name("policies.json").write_text(json.dumps(present, indent=1) + "\n")


if __name__ == "__main__":
    main()
