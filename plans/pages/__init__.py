"""Pages of plans: a campus's plan from draft to published version, contact sheet, signatures."""
