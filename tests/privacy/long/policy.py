"""`python -m tests.privacy.long.policy`: ask with every set of duties, for every purpose, and compare with the table.

It ends with 1 when one answer is another than the table read by hand gives.
"""

import sys

from rich.progress import track

from tests.privacy.policy_answers import compare
from tests.privacy.policy_table import PURPOSES, all_duties, every_question


def main() -> int:
    """Ask, compare, print one line of figures and each wrong answer; return the exit code."""
    questions = list(every_question(all_duties(), PURPOSES))
    counted, wrong = compare(track(questions, "Asking", disable=not sys.stderr.isatty()))
    exact = counted.total() - counted["unopened"]
    figures = f"{exact} compared exactly, {counted['unopened']} for a purpose that opens nothing, {len(wrong)} wrong"
    sys.stdout.write(
        "\n".join((*wrong, f"policy: {len(questions)} questions, {counted.total()} answers: {figures}")) + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
