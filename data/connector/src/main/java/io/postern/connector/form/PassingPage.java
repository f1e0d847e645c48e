package io.postern.connector.form;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Optional;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// A page on its way to the browser, looked into without being held: plain, or in the coding gzip, which is what
/// applications with a form use. Confined to an event loop.
final class PassingPage {
    private static final int GZIP_HEAD = 10;
    private static final int PIECE = 8 * 1024;

    private final FormWatch watch;
    private final Optional<Inflater> gzip;
    private int headLeft;
    private boolean isOver;

    private PassingPage(FormWatch watch, Optional<Inflater> gzip) {
        this.watch = watch;
        this.gzip = gzip;
        this.headLeft = gzip.isPresent() ? GZIP_HEAD : 0;
    }

    /// @param head of the answer
    /// @return empty where it is no page, or one that cannot be read
    static Optional<PassingPage> of(Http2Headers head, LoginFields fields) {
        CharSequence type = head.get(HttpHeaderNames.CONTENT_TYPE, "");
        boolean isPage = "200".contentEquals(head.status()) && AsciiString.containsIgnoreCase(type, "text/html");
        CharSequence coding = head.get(HttpHeaderNames.CONTENT_ENCODING, "");
        if (isPage && coding.isEmpty()) {
            return Optional.of(new PassingPage(new FormWatch(fields), Optional.empty()));
        }
        return isPage && AsciiString.contentEqualsIgnoreCase(coding, "gzip")
                ? Optional.of(new PassingPage(new FormWatch(fields), Optional.of(new Inflater(true))))
                : Optional.empty();
    }

    /// Once true it stays so.
    boolean showsForm(ByteBuf piece) {
        if (!isOver) {
            isOver = gzip.isPresent()
                    ? !inflate(gzip.get(), ByteBufUtil.getBytes(piece))
                    : piece.forEachByte(watch) >= 0;
            if (isOver) {
                gzip.ifPresent(Inflater::end);
            }
        }
        return watch.found();
    }

    /// @return whether more is wanted
    private boolean inflate(Inflater inflater, byte[] coded) {
        int from = 0;
        for (; headLeft > 0 && from < coded.length; from++, headLeft--) {
            boolean isFlags = headLeft == GZIP_HEAD - 3;
            if (isFlags && coded[from] != 0) {
                return false; // names and comments, which web servers do not send
            }
        }
        inflater.setInput(coded, from, coded.length - from);
        byte[] plain = new byte[PIECE];
        try {
            while (!inflater.finished()) {
                int length = inflater.inflate(plain);
                if (length == 0) {
                    return !inflater.needsDictionary();
                }
                for (int i = 0; i < length; i++) {
                    if (!watch.process(plain[i])) {
                        return false;
                    }
                }
            }
            return false;
        } catch (DataFormatException e) {
            return false; // the browser will say so
        }
    }
}
