package io.postern.gateway.admit;

import io.netty.util.AsciiString;
import io.postern.domain.AppId;
import io.postern.domain.policy.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// Remembers what cookies and tokens opened to, by their exact text and application, so that a busy
/// session costs no decryption. Holds successes only and decides nothing: expiry, revocation and
/// assignment are asked on every request.
///
/// Confined to one event loop.
final class OpenedProofs {
    /// One loop's share of active sessions; an entry takes about 1 KiB.
    private static final int ENTRIES_MAX = 2048;

    /// @param with the cookie's or token's opener: another one (new keys) does not find it
    private record Key(AppId app, AsciiString text, Object with) {}

    private final Map<Key, Subject> subjects = new LinkedHashMap<>(64, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Subject> eldest) {
            return size() > ENTRIES_MAX;
        }
    };

    Optional<Subject> get(AppId app, AsciiString text, Object with, Supplier<Optional<Subject>> open) {
        var key = new Key(app, text, with);
        Subject known = subjects.get(key);
        if (known != null) {
            return Optional.of(known);
        }
        Optional<Subject> opened = open.get();
        // a copy: the text asked with may be a view of a whole request's fields
        opened.ifPresent(s -> subjects.put(
                new Key(app, new AsciiString(text.array(), text.arrayOffset(), text.length(), true), with), s));
        return opened;
    }
}
