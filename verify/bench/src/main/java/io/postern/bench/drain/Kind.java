package io.postern.bench.drain;

/// What users do.
enum Kind {
    SMALL("requests"),
    UPLOAD("uploads"),
    DOWNLOAD("downloads"),
    EVENTS("event streams"),
    SOCKET("WebSockets");

    private final String plural;

    Kind(String plural) {
        this.plural = plural;
    }

    String plural() {
        return plural;
    }
}
