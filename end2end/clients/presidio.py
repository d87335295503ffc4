"""Microsoft Presidio's analyzer as a service: the package's own engine and request, behind the route of its own app.

The app itself is not in the package. Instead of a language model, which would have to be fetched, spaCy has rules for two
words; everything that Presidio has by patterns is as it comes.

Usage: presidio.py PORT
"""

import json
import logging
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import spacy
from presidio_analyzer import AnalyzerEngine, AnalyzerRequest
from presidio_analyzer.nlp_engine import SpacyNlpEngine


class Rules(SpacyNlpEngine):
    def __init__(self):
        super().__init__()
        english = spacy.blank("en")
        english.add_pipe("entity_ruler").add_patterns(
            [{"label": "NORP", "pattern": "Lusitanian"}, {"label": "PERSON", "pattern": "Quelhas"}])
        self.nlp = {"en": english}


class Analyze(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "/analyze":
            return self.answer(404, {"error": "Not found"})
        try:
            asked = AnalyzerRequest(json.loads(body))
            found = self.server.engine.analyze(
                text=asked.text, language=asked.language, score_threshold=asked.score_threshold, entities=asked.entities)
            self.answer(200, [one.to_dict() for one in found])
        except Exception as error:
            self.answer(500, {"error": str(error)})

    def answer(self, status, what):
        body = json.dumps(what, default=str).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    logging.disable(logging.WARNING)
    server = ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Analyze)
    server.engine = AnalyzerEngine(nlp_engine=Rules(), supported_languages=["en"])
    # The first question loads more than the engine, such as the list of domains' endings.
    server.engine.analyze(text="ana@example.com", language="en")
    print("ready", flush=True)
    server.serve_forever()


main()
