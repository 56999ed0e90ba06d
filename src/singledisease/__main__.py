"""``python -m singledisease``: the command line where its script is not on the path."""

from singledisease.cli.main import main

if __name__ == "__main__":
    main()
