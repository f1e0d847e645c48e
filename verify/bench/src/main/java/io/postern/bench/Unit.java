package io.postern.bench;

/// What a case counts.
enum Unit {
    REQUESTS("req/s", "µs/req"),
    MEGABYTES("MB/s", "µs/MB"),
    CONNECTIONS("conn/s", "µs/conn"),
    MESSAGES("msg/s", "µs/msg"),
    SOCKETS("open/s", "µs/open");

    /// 10⁶ bytes.
    static final double MEGABYTE = 1e6;

    private final String rate;
    private final String cost;

    Unit(String rate, String cost) {
        this.rate = rate;
        this.cost = cost;
    }

    String rate() {
        return rate;
    }

    String cost() {
        return cost;
    }
}
