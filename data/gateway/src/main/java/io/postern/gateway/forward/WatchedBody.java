package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.postern.domain.links.LinkFinding;
import io.postern.translate.body.BodyTranslation;
import io.postern.translate.body.Sink;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.zip.DataFormatException;

/// Reads along while a body passes as it is, and looks at its links. Reads the first 4 MiB of what it unfolds to,
/// since what passes is not held up and so nothing else bounds the work. Confined to the exchange's loop; close it.
final class WatchedBody implements AutoCloseable {
    static final int READ_MAX = 4 * 1024 * 1024;
    private static final Sink NOWHERE = (bytes, from, to) -> {};

    private final BodyTranslation translation;
    private final Optional<Inflation> inflation;
    private final Consumer<LinkFinding> fault;
    private final byte[] piece = new byte[8 * 1024];
    private int left = READ_MAX;

    /// @param fault told at most once, of what kept it from reading all
    WatchedBody(BodyTranslation translation, BodyEncoding encoding, Consumer<LinkFinding> fault) {
        this.translation = translation;
        this.inflation = encoding == BodyEncoding.IDENTITY
                ? Optional.empty()
                : Optional.of(new Inflation(encoding == BodyEncoding.GZIP));
        this.fault = fault;
    }

    /// Leaves the buffer as it is.
    void read(ByteBuf content) {
        ByteBuf in = content.slice();
        try {
            while (left > 0) {
                int length = next(in);
                if (length == 0) {
                    return;
                }
                translation.push(piece, 0, length, NOWHERE);
                left -= length;
            }
        } catch (DataFormatException e) {
            stop(LinkFinding.BROKEN_CODING);
            return;
        }
        if (in.isReadable()) {
            stop(LinkFinding.ONLY_BEGINNING_READ);
        }
    }

    private int next(ByteBuf in) throws DataFormatException {
        if (inflation.isPresent()) {
            return inflation.get().read(in, piece);
        }
        int length = Math.min(piece.length, in.readableBytes());
        in.readBytes(piece, 0, length);
        return length;
    }

    private void stop(LinkFinding why) {
        if (left > Integer.MIN_VALUE) {
            left = Integer.MIN_VALUE;
            fault.accept(why);
        }
    }

    @Override
    public void close() {
        left = Integer.MIN_VALUE;
        translation.end(NOWHERE);
        inflation.ifPresent(Inflation::close);
    }
}
