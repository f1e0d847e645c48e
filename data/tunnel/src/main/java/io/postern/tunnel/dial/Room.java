package io.postern.tunnel.dial;

/// Placeholder until the room is furnished.
final class Room {
    private Room() {}
}
