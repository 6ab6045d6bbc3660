"""`python -m crawler.demo`: serve the sites until Ctrl-C."""

import threading

from crawler.demo import Newsroom


def main() -> None:
    with Newsroom() as newsroom:
        for site in newsroom.sites:
            print(f"{site.url}  {site.name} ({site.language}, {len(site.articles)} articles)")
        print("Stop with Ctrl-C.")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            print()


if __name__ == "__main__":
    main()
