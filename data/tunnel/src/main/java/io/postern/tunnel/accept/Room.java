package io.postern.tunnel.accept;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
