"""The programs are run, not imported: their `import torch` may mean nnkit."""

collect_ignore_glob = ["programs/*"]
