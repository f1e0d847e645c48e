package io.postern.account;

import io.postern.base.Secret;
import java.lang.ref.SoftReference;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/// Argon2id (RFC 9106) in the PHC string form `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`.
///
/// Each computation takes 19 MiB for some 50 ms, so only a few run at a time and only a bounded number
/// waits: a flood of sign-ins meets [Busy], not the end of memory. The blocks are used again, since to make them anew
/// costs the collector more than the hash itself. Thread-safe.
public final class PasswordHash {
    /// Too many computations wait already; try again in a moment.
    public static final class Busy extends RuntimeException {
        private static final long serialVersionUID = 1;

        Busy() {
            super("too many password computations at once", null, false, false);
        }
    }

    // OWASP Password Storage Cheat Sheet, Argon2id: m=19 MiB, t=2, p=1
    private static final int MEMORY_KIB = 19 * 1024;
    private static final int PASSES = 2;
    private static final int LANES = 1;
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;

    /// Bounds for stored parameters: a doctored row must not make us allocate gigabytes.
    private static final int MEMORY_KIB_MAX = 256 * 1024;

    private static final int PASSES_MAX = 16;

    /// Argon2 hashes any length; beyond this only work is wasted.
    private static final int PASSWORD_CHARACTERS_MAX = 1024;

    private static final long WAIT_SECONDS = 5;
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final Base64.Encoder TO_TEXT = Base64.getEncoder().withoutPadding();

    /// Blocks that nobody computes with now, of the whole process, not of one of us: a heap would fill with those of
    /// many. Soft: when memory is short the collector takes them. They hold nothing of a password: the library
    /// wipes each when it gives it back.
    private static final ConcurrentLinkedQueue<SoftReference<BlockPool>> SPARE = new ConcurrentLinkedQueue<>();

    private final Semaphore computing;
    private final Semaphore admitted;
    private final String nobody;

    /// Two computations at a time, thirty more wait: at 50 ms each nobody waits longer than a second.
    public PasswordHash() {
        this(2, 30);
    }

    PasswordHash(int concurrent, int waiting) {
        computing = new Semaphore(concurrent, true);
        admitted = new Semaphore(concurrent + waiting);
        byte[] random = new byte[24];
        RANDOM.nextBytes(random);
        nobody = hash(Secret.of(random));
    }

    /// @throws Busy when too many computations wait
    public String hash(Secret password) {
        byte[] salt = new byte[SALT_BYTES];
        RANDOM.nextBytes(salt);
        byte[] hash = compute(password, salt, MEMORY_KIB, PASSES, LANES, HASH_BYTES);
        return "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$" + TO_TEXT.encodeToString(salt)
                + "$" + TO_TEXT.encodeToString(hash);
    }

    /// False for a stored form that cannot be read, too.
    ///
    /// @throws Busy when too many computations wait
    public boolean verify(String encoded, Secret password) {
        String[] parts = encoded.split("\\$", -1);
        if (parts.length != 6 || !parts[1].equals("argon2id") || !parts[2].equals("v=19")) {
            return false;
        }
        try {
            String[] costs = parts[3].split(",", -1);
            int memory = cost(costs[0], "m=", MEMORY_KIB_MAX);
            int passes = cost(costs[1], "t=", PASSES_MAX);
            int lanes = cost(costs[2], "p=", 4);
            byte[] salt = Base64.getDecoder().decode(parts[4]);
            byte[] expected = Base64.getDecoder().decode(parts[5]);
            if (expected.length < 16) {
                return false;
            }
            return MessageDigest.isEqual(expected, compute(password, salt, memory, passes, lanes, expected.length));
        } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException e) {
            return false;
        }
    }

    /// Takes as long as [#verify] and never succeeds: for names that no user has, so that time does not tell.
    ///
    /// @throws Busy when too many computations wait
    public boolean refuse(Secret password) {
        verify(nobody, password);
        return false;
    }

    private byte[] compute(Secret password, byte[] salt, int memoryKib, int passes, int lanes, int hashBytes) {
        byte[] bytes = password.bytes();
        if (bytes.length > 4 * PASSWORD_CHARACTERS_MAX) {
            throw new IllegalArgumentException("a password may have " + PASSWORD_CHARACTERS_MAX + " characters");
        }
        if (!admitted.tryAcquire()) {
            throw new Busy();
        }
        try {
            if (!computing.tryAcquire(WAIT_SECONDS, TimeUnit.SECONDS)) {
                throw new Busy();
            }
            try {
                byte[] hash = new byte[hashBytes];
                generate(
                        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                                .withMemoryAsKB(memoryKib)
                                .withIterations(passes)
                                .withParallelism(lanes)
                                .withSalt(salt),
                        bytes,
                        hash);
                return hash;
            } finally {
                computing.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Busy();
        } finally {
            admitted.release();
            java.util.Arrays.fill(bytes, (byte) 0);
        }
    }

    private static void generate(Argon2Parameters.Builder parameters, byte[] password, byte[] hash) {
        BlockPool blocks = blocks();
        try {
            var argon2 = new Argon2BytesGenerator();
            argon2.init(parameters.withBlockPool(blocks).build());
            argon2.generateBytes(password, hash);
        } finally {
            SPARE.add(new SoftReference<>(blocks));
        }
    }

    private static BlockPool blocks() {
        for (SoftReference<BlockPool> spare = SPARE.poll(); spare != null; spare = SPARE.poll()) {
            BlockPool blocks = spare.get();
            if (blocks != null) {
                return blocks;
            }
        }
        return new FixedBlockPool(MEMORY_KIB); // a block has 1 KiB
    }

    /// How many sets of blocks wait to be used again.
    static int spare() {
        return SPARE.size();
    }

    private static int cost(String text, String prefix, int max) {
        if (!text.startsWith(prefix)) {
            throw new IllegalArgumentException(text);
        }
        int value = Integer.parseInt(text.substring(prefix.length()));
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(text);
        }
        return value;
    }
}
