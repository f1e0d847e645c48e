package io.postern.store.sql;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
