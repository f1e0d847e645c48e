package io.postern.connector.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// RFC 6455 §5.2: lengths of 7, 16 and 64 bits, masked or not.
class FrameBoundariesTest {
    private final FrameBoundaries boundaries = new FrameBoundaries();

    private static ByteBuf frame(int first, int length, boolean masked) {
        ByteBuf frame = Unpooled.buffer().writeByte(first);
        int mask = masked ? 0x80 : 0;
        if (length < 126) {
            frame.writeByte(mask | length);
        } else if (length < 1 << 16) {
            frame.writeByte(mask | 126).writeShort(length);
        } else {
            frame.writeByte(mask | 127).writeLong(length);
        }
        return frame.writeZero(length + (masked ? 4 : 0));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 125, 126, 127, 65_535, 65_536, 70_001})
    void findsTheEndOfAFrameHoweverItIsCutUp(int length) {
        for (boolean masked : new boolean[] {false, true}) {
            ByteBuf frame = frame(0x82, length, masked);
            for (int piece : new int[] {1, 3, 4_096, 1 << 20}) {
                for (int at = 0; at < frame.writerIndex(); at += piece) {
                    boundaries.follow(frame.slice(at, Math.min(piece, frame.writerIndex() - at)));
                    assertEquals(at + piece >= frame.writerIndex(), boundaries.isBetweenFrames());
                }
            }
        }
    }

    @Test
    void stopsAtTheFirstBoundary() {
        ByteBuf first = frame(0x81, 10, false);
        boundaries.follow(first.slice(0, 5));

        ByteBuf rest = Unpooled.wrappedBuffer(first.slice(5, 7), frame(0x81, 3, false));

        assertEquals(7, boundaries.followToBoundary(rest));
        assertTrue(boundaries.isBetweenFrames());
    }

    @Test
    void takesAllWhenNoBoundaryIsThere() {
        boundaries.follow(frame(0x82, 100, false).slice(0, 2));

        assertEquals(50, boundaries.followToBoundary(Unpooled.buffer().writeZero(50)));
        assertFalse(boundaries.isBetweenFrames());
    }

    @Test
    void seesAClose() {
        boundaries.follow(frame(0x89, 4, false));
        assertFalse(boundaries.isClosing());

        boundaries.follow(frame(0x88, 2, false));
        assertTrue(boundaries.isClosing());
    }

    @Test
    void aLengthBeyondAllMeasureNeverEnds() {
        boundaries.follow(
                Unpooled.buffer().writeByte(0x82).writeByte(127).writeLong(-1).writeZero(1_000));

        assertFalse(boundaries.isBetweenFrames());
    }
}
