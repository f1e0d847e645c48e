package io.postern.gateway.forward;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.postern.domain.AppId;
import io.postern.domain.links.LinkFinding;
import io.postern.translate.LinkPlace;
import io.postern.translate.LinkRules;
import io.postern.translate.PolicyField;
import io.postern.translate.ShownUrl;
import io.postern.translate.body.BodyCharset;
import io.postern.translate.body.BodyKind;
import io.postern.translate.body.BodyTranslation;
import java.util.List;
import java.util.Optional;

/// The links of one exchange's answer: translated where that is switched on (BODY-1), noted where an administrator
/// records them. One per exchange; confined to its loop; close it.
final class AnswerLinks implements AutoCloseable {
    /// Of the bytes as the backend sent them.
    private static final List<AsciiString> DIGESTS = List.of(
            HttpHeaderNames.CONTENT_LENGTH,
            HttpHeaderNames.CONTENT_MD5,
            AsciiString.cached("digest"),
            AsciiString.cached("content-digest"),
            AsciiString.cached("repr-digest"),
            HttpHeaderNames.ACCEPT_RANGES);

    private static final List<AsciiString> POLICIES = List.of(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            AsciiString.cached("content-security-policy-report-only"),
            HttpHeaderNames.ACCESS_CONTROL_ALLOW_ORIGIN,
            AsciiString.cached("timing-allow-origin"));

    /// @param target of the request, as the client sent it
    record Place(AppId application, String target) {}

    private final LinkRules rules;
    private final boolean translates;
    private final Place place;
    private final LinkBook book;
    private final Optional<LinkRecording> recording;
    private final TranslatedTags tags;
    private Optional<WatchedBody> watched = Optional.empty();

    /// @param rules those in force, or those that would be
    /// @param translates false: nothing changes, a recording only looks
    AnswerLinks(LinkRules rules, boolean translates, Place place, LinkBook book, Optional<LinkRecording> recording) {
        this.translates = translates;
        this.place = place;
        this.book = book;
        this.recording = recording;
        this.tags = new TranslatedTags(rules.version());
        this.rules = recording
                .map(to -> {
                    String page = page();
                    return rules.watched((at, url, verdict, becomes) -> to.onLink(at, url, verdict, becomes, page));
                })
                .orElse(rules);
    }

    private String page() {
        return ShownUrl.of(place.target());
    }

    /// The request's fields, in place: nothing is asked for that could not be read.
    void inward(Http2Headers head) {
        BodyEncoding.narrow(head);
        if (translates) {
            tags.inward(head);
        }
    }

    /// Fields that say which origins may do something; in place.
    void policies(Http2Headers head) {
        if (!rules.looksAt(LinkPlace.POLICY)) {
            return;
        }
        for (AsciiString name : POLICIES) {
            if (head.contains(name)) {
                List<String> values = head.getAll(name).stream()
                        .map(value -> PolicyField.outward(value.toString(), rules))
                        .toList();
                if (translates) {
                    head.set(name, values);
                }
            }
        }
    }

    /// What translates the answer's body; empty where it stays as it is (BODY-2). Changes the head in place so that
    /// it says what is true of the translated body, also where there is none: of an answer to HEAD, and of 304.
    ///
    /// @param fields the final head
    /// @param bodyless the head ends the answer
    Optional<AnswerBody> body(Http2Headers fields, boolean bodyless) {
        String status = fields.status().toString();
        CharSequence type = fields.get(HttpHeaderNames.CONTENT_TYPE);
        if (status.equals("304")) {
            tags.confirm(fields);
            return Optional.empty();
        }
        if (type == null) {
            return Optional.empty();
        }
        Optional<BodyKind> kind = BodyKind.of(type.toString());
        if (kind.isEmpty()) {
            recording.ifPresent(r -> onOtherType(type.toString(), bodyless));
            return Optional.empty();
        }
        boolean on = rules.translates(kind.get().place());
        // a part of the backend's own body: its links may be cut in two, its numbers are of those bytes
        if (status.equals("206")) {
            onPassed(LinkFinding.PART, "", on);
            return Optional.empty();
        }
        BodyCharset charset = BodyCharset.of(type.toString());
        if (charset == BodyCharset.OTHER) {
            onPassed(LinkFinding.UNKNOWN_CHARSET, type.toString().replaceFirst("^[^;]*; *", ""), on);
            return Optional.empty();
        }
        Optional<BodyEncoding> encoding = BodyEncoding.of(fields);
        if (encoding.isEmpty()) {
            onPassed(LinkFinding.UNKNOWN_CODING, String.join(",", fields.getAll(HttpHeaderNames.CONTENT_ENCODING)), on);
            return Optional.empty();
        }
        return body(fields, bodyless, kind.get(), charset, encoding.get());
    }

    private Optional<AnswerBody> body(
            Http2Headers fields, boolean bodyless, BodyKind kind, BodyCharset charset, BodyEncoding encoding) {
        if (!bodyless) {
            recording.ifPresent(LinkRecording::onAnswer);
        }
        if (translates && rules.translates(kind.place())) {
            removeDigests(fields);
            tags.mark(fields);
            return bodyless ? Optional.empty() : reader(kind, charset).map(t -> new AnswerBody(t, encoding));
        }
        if (recording.isPresent() && !bodyless) {
            watched = reader(kind, charset)
                    .map(reader -> new WatchedBody(reader, encoding, why -> onPassed(why, "", false)));
        }
        return Optional.empty();
    }

    /// Of a head or of trailers: what they say is of other bytes.
    static void removeDigests(Http2Headers fields) {
        DIGESTS.forEach(fields::remove);
    }

    private Optional<BodyTranslation> reader(BodyKind kind, BodyCharset charset) {
        return kind.translation(rules, charset);
    }

    /// Pictures and the like hold no links that anybody follows.
    private void onOtherType(String type, boolean bodyless) {
        String name = type.replaceFirst(";.*", "").strip();
        boolean isMedia = name.startsWith("image/")
                || name.startsWith("font/")
                || name.startsWith("video/")
                || name.startsWith("audio/");
        if (!bodyless && !isMedia) {
            book.onPassed(place.application(), LinkFinding.TYPE_NOT_READ, name, page(), false);
        }
    }

    /// @param on links in answers of this kind are translated, or would be
    private void onPassed(LinkFinding why, String detail, boolean on) {
        if ((on && translates) || recording.isPresent()) {
            book.onPassed(place.application(), why, detail, page(), on && translates);
        }
    }

    /// A piece of a body that passes as it is; left as it is.
    void onPassing(ByteBuf content) {
        watched.ifPresent(w -> w.read(content));
    }

    /// Once, when the exchange is over.
    @Override
    public void close() {
        watched.ifPresent(WatchedBody::close);
        watched = Optional.empty();
    }
}
