package io.postern.store;

/// The version of the configuration that the data plane lives by.
public interface ChangeLog {
    /// Call in the transaction of every change that a snapshot shows. Listeners hear of it after the commit.
    void bump();
}
