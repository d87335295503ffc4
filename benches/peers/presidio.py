"""Times presidio-analyzer's default recognizers on the same texts, without a language model: one line of JSON a measurement."""

import json
import sys
import time

from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
from presidio_analyzer.nlp_engine import NlpArtifacts, NlpEngine

ROUNDS = 40


class NoModel(NlpEngine):
    """Splits at blanks; what the pattern recognizers need and no more."""

    def load(self):
        pass

    def is_loaded(self):
        return True

    def process_text(self, text, language):
        return NlpArtifacts([], [], [], [], self, language)

    def process_batch(self, texts, language, **kwargs):
        for text in texts:
            yield text, self.process_text(text, language)

    def is_stopword(self, word, language):
        return False

    def is_punct(self, word, language):
        return False

    def get_supported_entities(self):
        return []

    def get_supported_languages(self):
        return ["en"]


def main():
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"], nlp_engine=None)
    registry.recognizers = [r for r in registry.recognizers if r.name not in ("SpacyRecognizer", "StanzaRecognizer")]
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=NoModel(), supported_languages=["en"])
    for name in sys.argv[1:]:
        with open(name, encoding="utf-8") as file:
            text = file.read()
        times = []
        for count in range(ROUNDS):
            begin = time.perf_counter()
            analyzer.analyze(text, language="en")
            if count >= ROUNDS // 10:
                times.append((time.perf_counter() - begin) * 1e6)
        times.sort()
        print(json.dumps({"tool": "presidio", "text": name, "bytes": len(text.encode()),
                          "p50": times[len(times) // 2], "p99": times[-1]}), flush=True)


main()
