"""The specification's own service: FastAPI, XGBoost, prometheus_client, one log row a request in SQLite.

python peer.py MODEL.json COLUMNS.json LOG.db PORT. The model is asked on one thread without a DMatrix, the log is
write-ahead and synced at each commit, and uvicorn runs on uvloop and httptools: the kindest reading of the outline.
"""
import json
import sqlite3
import sys
import time

import numpy as np
import uvicorn
import xgboost
from fastapi import FastAPI, Request
from prometheus_client import Counter, Gauge, Histogram, make_asgi_app

model_file, columns_file, log_file, port = sys.argv[1:]
booster = xgboost.Booster(params={"nthread": 1}, model_file=model_file)
columns = json.load(open(columns_file))

log = sqlite3.connect(log_file, isolation_level=None, check_same_thread=False)
log.execute("PRAGMA journal_mode=WAL")
log.execute("PRAGMA synchronous=FULL")
log.execute("CREATE TABLE predictions (id INTEGER PRIMARY KEY, body TEXT, model TEXT, probability REAL)")

requests_total = Counter("fds_requests_total", "Requests", ["endpoint", "status", "model_version"])
latency = Histogram("fds_latency_seconds", "Latency", ["endpoint"], buckets=[0.01, 0.05, 0.1, 0.25, 0.5, 1.0])
predictions = Counter("fds_predictions_total", "Predictions", ["risk_level", "model_version"])
probabilities = Histogram("fds_fraud_probability", "Probabilities", buckets=[i / 10 for i in range(1, 11)])
active = Gauge("fds_active_requests", "Active")

app = FastAPI()
app.mount("/metrics", make_asgi_app())


@app.middleware("http")
async def measure(request: Request, call_next):
    start = time.time()
    active.inc()
    try:
        response = await call_next(request)
        requests_total.labels(request.url.path, response.status_code, "champion").inc()
        latency.labels(request.url.path).observe(time.time() - start)
        return response
    finally:
        active.dec()


def features_of(transaction: dict) -> np.ndarray:
    values = (transaction.get(name) for name in columns)
    return np.array([[v if isinstance(v, (int, float)) else np.nan for v in values]], dtype=np.float32)


@app.post("/predict")
async def predict(transaction: dict):
    probability = float(booster.inplace_predict(features_of(transaction))[0])
    level = "approve" if probability < 0.18 else "verify" if probability < 0.4 else "hold" if probability < 0.65 else "block"
    log.execute(
        "INSERT INTO predictions (body, model, probability) VALUES (?, ?, ?)",
        (json.dumps(transaction), "champion", probability),
    )
    predictions.labels(level, "champion").inc()
    probabilities.observe(probability)
    return {"fraud_probability": probability, "risk_level": level, "model_version": "champion"}


uvicorn.run(app, host="127.0.0.1", port=int(port), log_level="error", access_log=False)
