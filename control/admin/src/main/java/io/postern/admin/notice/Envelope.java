package io.postern.admin.notice;

import io.postern.store.Notice;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Closes the words of mail that holds a link by which somebody gets in: whoever reads the database, or a
/// copy of it, must not be the first to use it.
public record Envelope(Sealer sealer) {
    private static final String SEALED = "sealed:";

    public Notice close(Notice notice) {
        return with(notice, SEALED + sealer.seal(notice.body().getBytes(StandardCharsets.UTF_8), context(notice)));
    }

    /// As it is to be sent; the same for one that was never closed. Empty when it cannot be opened with the
    /// keys here.
    Optional<Notice> open(Notice notice) {
        if (!notice.body().startsWith(SEALED)) {
            return Optional.of(notice);
        }
        return sealer.open(notice.body().substring(SEALED.length()), context(notice))
                .map(plain -> with(notice, new String(plain, StandardCharsets.UTF_8)));
    }

    private static String context(Notice notice) {
        return notice.tenant() + " " + notice.id();
    }

    private static Notice with(Notice notice, String body) {
        return new Notice(
                notice.tenant(),
                notice.id(),
                notice.about(),
                notice.recipient(),
                notice.subject(),
                body,
                notice.created(),
                notice.due(),
                notice.attempts());
    }
}
