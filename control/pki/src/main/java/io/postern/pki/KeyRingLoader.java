package io.postern.pki;

import io.postern.base.Secret;
import io.postern.store.Store;
import io.postern.store.Stores;
import io.postern.token.KeyRing;
import io.postern.token.Sealer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// The key ring that seals cookies and state, shared by all nodes through the database. A new key opens at
/// once but seals only two days later, when every node that looks once a day knows it.
public final class KeyRingLoader {
    /// A key seals for about a month; far below the 2^32 values that AES-GCM allows (see [Sealer]).
    static final Duration ROTATE_AFTER = Duration.ofDays(30);
    static final Duration HEAD_START = Duration.ofDays(2);
    /// Kept to open: half a year of keys, longer than any cookie or state lives.
    static final int KEPT = 6;

    private static final String NAME = "key-ring";
    private static final int IDS = 255; // one byte of each sealed value

    private record Key(int id, Instant created, Instant seals, Secret secret) {}

    private KeyRingLoader() {}

    /// The ring now: made on first use, with a further key when the newest is older than 30 days. Call again
    /// daily and let the ring in use become the result.
    ///
    /// @throws PkiFault when the master key is not the one of this database
    public static KeyRing load(Store store, MasterKey masterKey, Clock clock) {
        masterKey.verify(store);
        Sealer sealer = masterKey.sealer(NAME);
        Instant now = clock.instant();
        List<Key> keys = store.read(s -> read(s, sealer));
        if (isDue(keys, now)) {
            keys = store.write(s -> rotate(s, sealer, now));
        }
        return ring(keys, now);
    }

    private static boolean isDue(List<Key> keys, Instant now) {
        return keys.isEmpty() || !now.isBefore(keys.getLast().created().plus(ROTATE_AFTER));
    }

    private static List<Key> rotate(Stores stores, Sealer sealer, Instant now) {
        var keys = new ArrayList<>(read(stores, sealer));
        if (!isDue(keys, now)) {
            return keys; // another node was quicker
        }
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        boolean first = keys.isEmpty();
        int id = first ? 1 : keys.getLast().id() % IDS + 1;
        keys.add(new Key(id, now, first ? now : now.plus(HEAD_START), Secret.of(bytes)));
        while (keys.size() > KEPT) {
            keys.removeFirst();
        }
        stores.secrets().put(NAME, sealer.seal(text(keys).getBytes(StandardCharsets.US_ASCII), NAME));
        return keys;
    }

    /// The newest key that may seal comes first.
    private static KeyRing ring(List<Key> keys, Instant now) {
        Key current = keys.stream()
                .filter(key -> !key.seals().isAfter(now))
                .max(Comparator.comparing(Key::seals))
                .orElse(keys.getFirst()); // the clock went back: the oldest is known everywhere
        var entries = new ArrayList<KeyRing.Entry>();
        entries.add(new KeyRing.Entry(current.id(), current.secret()));
        keys.stream()
                .filter(key -> key.id() != current.id())
                .forEach(key -> entries.add(new KeyRing.Entry(key.id(), key.secret())));
        return new KeyRing(entries);
    }

    private static List<Key> read(Stores stores, Sealer sealer) {
        Optional<String> sealed = stores.secrets().find(NAME);
        if (sealed.isEmpty()) {
            return List.of();
        }
        byte[] opened = sealer.open(sealed.get(), NAME)
                .orElseThrow(() -> new PkiFault("the key ring in the database is damaged; restore a backup"));
        return new String(opened, StandardCharsets.US_ASCII)
                .lines()
                .map(KeyRingLoader::parse)
                .toList();
    }

    // one line a key, oldest first: id, created, seals (both epoch milliseconds), base64
    private static String text(List<Key> keys) {
        return keys.stream()
                .map(key -> key.id() + " " + key.created().toEpochMilli() + " "
                        + key.seals().toEpochMilli() + " "
                        + Base64.getEncoder().encodeToString(key.secret().bytes()))
                .collect(Collectors.joining("\n"));
    }

    private static Key parse(String line) {
        String[] parts = line.split(" ", -1);
        return new Key(
                Integer.parseInt(parts[0]),
                Instant.ofEpochMilli(Long.parseLong(parts[1])),
                Instant.ofEpochMilli(Long.parseLong(parts[2])),
                Secret.of(Base64.getDecoder().decode(parts[3])));
    }
}
