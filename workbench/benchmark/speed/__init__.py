"""How fast the workbench is, in one run beside other tools and as ratios: `workbench bench`.

Everything is measured in child processes of its own (`ours`, `rival`) in temporary folders; nothing here writes to a workspace.
"""
