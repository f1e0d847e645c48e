package io.postern.run.connector.directory;

import io.postern.base.PasswordVerdict;
import io.postern.connector.directory.DirectorySettings;
import io.postern.connector.directory.PasswordBind;
import io.postern.run.connector.directory.DirectoryService.Refused;
import io.postern.run.connector.directory.DirectoryService.Unavailable;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Checks passwords in the directories of this connector whenever a node of the service asks (PWC-2): one
/// request is
/// open all the time, and each question is answered by a virtual thread of its own, a bounded number at
/// once. No
/// password is logged, kept, or turned into text.
public final class PasswordWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.password");

    /// A domain controller signs in many more; this bounds what a flood costs here.
    private static final int AT_ONCE = 16;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration PAUSE_MAX = Duration.ofMinutes(1);

    private final Map<String, DirectorySettings> directories;
    private final PasswordDoor door;
    private final Patience patience = new Patience(Duration.ZERO);
    private final Semaphore places = new Semaphore(AT_ONCE);
    private final Thread thread;
    private boolean away; // this thread's only

    private PasswordWatch(List<DirectorySettings> directories, PasswordDoor door) {
        this.directories = directories.stream().collect(Collectors.toMap(DirectorySettings::name, Function.identity()));
        this.door = door;
        this.thread = Thread.ofVirtual().name("password-watch").unstarted(this::watch);
    }

    /// One for each name of the service, so that each node finds this connector; none without directories.
    public static List<PasswordWatch> start(List<DirectorySettings> directories, List<PasswordDoor> doors) {
        if (directories.isEmpty()) {
            return List.of();
        }
        return doors.stream()
                .map(door -> {
                    var watch = new PasswordWatch(directories, door);
                    watch.thread.start();
                    return watch;
                })
                .toList();
    }

    /// Takes nothing new; what is being checked is answered.
    public void stop() {
        patience.stop();
    }

    /// As [#stop()], and gives up the open request.
    @Override
    public void close() {
        stop();
        thread.interrupt();
    }

    private void watch() {
        Duration pause = PAUSE;
        while (!patience.isStopped()) {
            try {
                places.acquire(); // at least one
                places.release();
                PasswordDoor.Turn turn = door.ask(directories.keySet(), places.availablePermits());
                back();
                pause = PAUSE;
                turn.checks().forEach(this::begin);
                if (turn.pause().isPositive()) {
                    patience.await(turn.pause());
                }
            } catch (Patience.Stopped | InterruptedException e) {
                return;
            } catch (RuntimeException e) { // a fault of ours must not end it for good
                away(e);
                try {
                    patience.await(pause);
                } catch (Patience.Stopped stopped) {
                    return;
                }
                pause = pause.multipliedBy(2).compareTo(PAUSE_MAX) > 0 ? PAUSE_MAX : pause.multipliedBy(2);
            }
        }
    }

    private void back() {
        if (away) {
            away = false;
            LOG.info("the service can ask for passwords again");
        }
    }

    private void away(RuntimeException e) {
        if (patience.isStopped() || away) {
            return;
        }
        away = true;
        if (e instanceof Unavailable || e instanceof Refused) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("the service cannot ask this connector for passwords; trying on");
        } else {
            LOG.atError().setCause(e).log("waiting for passwords to check failed in an unforeseen way; trying on");
        }
    }

    private void begin(PasswordDoor.Check check) {
        places.acquireUninterruptibly(); // no more were asked for than are free
        Thread.ofVirtual().name("password-check").start(() -> {
            try {
                answer(check, check(check));
            } finally {
                places.release();
            }
        });
    }

    private void answer(PasswordDoor.Check check, PasswordBind.Answer answer) {
        if (!answer.message().isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("directory", check.directory())
                    .addKeyValue("verdict", answer.verdict().word())
                    .addKeyValue("reason", answer.message())
                    .log("a password could not be checked");
        }
        try {
            door.answer(check.id(), answer);
        } catch (Refused | Unavailable e) {
            LOG.atWarn()
                    .addKeyValue("reason", e.getMessage())
                    .log("the answer to a password did not reach the service");
        }
    }

    private PasswordBind.Answer check(PasswordDoor.Check check) {
        DirectorySettings directory = directories.get(check.directory());
        if (directory == null) {
            return new PasswordBind.Answer(
                    PasswordVerdict.FAILED, "directory '" + check.directory() + "' is not in connector.yaml");
        }
        byte[] password;
        try {
            password = door.seal().open(check.sealed(), check.id());
        } catch (GeneralSecurityException e) {
            return new PasswordBind.Answer(PasswordVerdict.UNREADABLE, "the password was not sealed for this process");
        }
        try {
            return PasswordBind.check(directory, check.object(), password, check.limit());
        } catch (RuntimeException e) { // whatever it is: nobody signs in by it
            LOG.atError().setCause(e).log("checking a password failed in an unforeseen way");
            return new PasswordBind.Answer(PasswordVerdict.FAILED, e.getClass().getSimpleName());
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }
}
