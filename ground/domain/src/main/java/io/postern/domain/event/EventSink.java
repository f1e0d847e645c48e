package io.postern.domain.event;

/// The door up. Every method returns at once, on any thread; events wait in a bounded queue that a
/// virtual thread drains. When it is full access events are dropped and counted.
public interface EventSink {
    void access(AccessEvent event);

    void connector(ConnectorEvent event);

    /// What a trace asked for. Few, and dropped like access events.
    void traced(Traced exchange);
}
