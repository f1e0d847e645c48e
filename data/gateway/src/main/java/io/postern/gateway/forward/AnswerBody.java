package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.FastThreadLocal;
import io.postern.translate.body.BodyTranslation;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.zip.DataFormatException;

/// The body of one answer on its way through link translation: decoded, translated, encoded again, a bounded
/// step at a time. What waits is what one read of the upstream brought. Confined to the exchange's loop;
/// [#close()] it, since it owns buffers and memory outside the heap.
final class AnswerBody implements AutoCloseable {
    /// Unfolded in one step, in bytes: a compressed answer may unfold a thousandfold, and what the client has not
    /// taken waits in memory.
    static final int STEP_BYTES = 128 * 1024;

    private static final FastThreadLocal<byte[]> PIECE = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[16 * 1024];
        }
    };

    private final BodyTranslation translation;
    private final Optional<Inflation> inflation;
    private final Optional<Deflation> deflation;
    private final ArrayDeque<ByteBuf> waiting = new ArrayDeque<>(4);
    private boolean inputEnded;
    private boolean over;

    /// @param encoding of the answer, as it came and as it goes out
    AnswerBody(BodyTranslation translation, BodyEncoding encoding) {
        this.translation = translation;
        inflation = encoding == BodyEncoding.IDENTITY
                ? Optional.empty()
                : Optional.of(new Inflation(encoding == BodyEncoding.GZIP));
        deflation = encoding == BodyEncoding.IDENTITY
                ? Optional.empty()
                : Optional.of(new Deflation(encoding == BodyEncoding.GZIP));
    }

    /// Owns the buffer.
    void add(ByteBuf content) {
        waiting.add(content);
    }

    /// Nothing more will be added.
    void endInput() {
        inputEnded = true;
    }

    /// All that was added is translated, and written out where the end is known.
    boolean isIdle() {
        return waiting.isEmpty() && (over || !inputEnded);
    }

    /// The last byte is out.
    boolean isOver() {
        return over;
    }

    /// Translates one step's worth.
    ///
    /// @return what may go to the client now; may be empty
    /// @throws DataFormatException the upstream's encoding is broken
    ByteBuf step(ByteBufAllocator allocator) throws DataFormatException {
        ByteBuf first = waiting.peek();
        ByteBuf out = allocator.buffer(first == null ? 512 : Math.min(STEP_BYTES, first.readableBytes() + 512));
        try {
            int budget = STEP_BYTES;
            while (budget > 0 && !waiting.isEmpty()) {
                int used = piece(waiting.element(), out);
                budget -= used;
                if (used == 0) {
                    waiting.remove().release();
                }
            }
            if (waiting.isEmpty() && inputEnded && !over) {
                finish(out);
            } else if (out.isReadable() || budget < STEP_BYTES) {
                deflation.ifPresent(d -> d.flush(out));
            }
            return out;
        } catch (DataFormatException | RuntimeException e) {
            out.release();
            throw e;
        }
    }

    /// @return decoded bytes; 0: the buffer is used up
    private int piece(ByteBuf in, ByteBuf out) throws DataFormatException {
        byte[] piece = PIECE.get();
        int length;
        if (inflation.isPresent()) {
            length = inflation.get().read(in, piece);
        } else {
            length = Math.min(piece.length, in.readableBytes());
            in.readBytes(piece, 0, length);
        }
        if (length > 0) {
            translation.push(piece, 0, length, (bytes, from, to) -> write(bytes, from, to, out));
        }
        return length;
    }

    private void write(byte[] bytes, int from, int to, ByteBuf out) {
        if (deflation.isPresent()) {
            deflation.get().write(bytes, from, to, out);
        } else {
            out.writeBytes(bytes, from, to - from);
        }
    }

    private void finish(ByteBuf out) throws DataFormatException {
        if (inflation.isPresent() && !inflation.get().isComplete()) {
            throw new DataFormatException("ends in the middle");
        }
        translation.end((bytes, from, to) -> write(bytes, from, to, out));
        deflation.ifPresent(d -> d.finish(out));
        over = true;
    }

    @Override
    public void close() {
        waiting.forEach(ReferenceCountUtil::release);
        waiting.clear();
        inflation.ifPresent(Inflation::close);
        deflation.ifPresent(Deflation::close);
        inputEnded = true;
        over = true;
    }
}
