package io.postern.gateway;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
