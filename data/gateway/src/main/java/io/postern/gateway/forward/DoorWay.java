package io.postern.gateway.forward;

import io.netty.channel.EventLoop;
import io.postern.domain.OwnHost;
import io.postern.domain.event.Cause;
import io.postern.gateway.upstream.Doors;
import io.postern.net.FrameListener;
import java.util.Optional;

/// To a door of the control plane.
final class DoorWay implements Way {
    private final Doors doors;
    private final OwnHost door;
    private final EventLoop loop;
    private boolean tried;

    DoorWay(Doors doors, OwnHost door, EventLoop loop) {
        this.doors = doors;
        this.door = door;
        this.loop = loop;
    }

    @Override
    public Optional<Attempt> next(FrameListener listener) {
        if (tried) {
            return Optional.empty();
        }
        tried = true;
        return Optional.of(new Attempt(doors.open(loop, door, listener), Optional.empty()));
    }

    @Override
    public Cause nobody() {
        return Cause.DOOR_CLOSED;
    }

    @Override
    public Cause lost() {
        return Cause.DOOR_LOST;
    }
}
