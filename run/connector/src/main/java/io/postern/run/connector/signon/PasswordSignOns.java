package io.postern.run.connector.signon;

import io.postern.connector.ConnectorFault;
import io.postern.connector.form.BasicCheck;
import io.postern.connector.form.BasicSignOn;
import io.postern.connector.form.FormSignOn;
import io.postern.connector.form.HeldSession;
import io.postern.connector.form.LoginCheck;
import io.postern.connector.form.LoginFault;
import io.postern.connector.serve.BackendCalls;
import io.postern.connector.serve.SignOn;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Sign-on by name and password in this process: its two ways, and a thread that offers this connector's key to the
/// service, seals passwords for new connectors of the group, and ends sessions that nobody uses or whose user has
/// signed out.
public final class PasswordSignOns implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("connector.signon");

    /// A new connector of the group has its copies after about so long.
    private static final Duration PAUSE = Duration.ofSeconds(10);

    private final PasswordSignOnDoor door;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile Optional<FormSignOn> form = Optional.empty();
    private volatile Optional<PasswordQuestion> question = Optional.empty();
    private boolean away; // the thread's own

    public PasswordSignOns(PasswordSignOnDoor door) {
        this.door = door;
    }

    /// Once.
    public List<SignOn> ways(BackendCalls calls) {
        var made = new FormSignOn(calls, door, InstantSource.system());
        form = Optional.of(made);
        question = Optional.of(
                new PasswordQuestion(new LoginCheck(calls, door, InstantSource.system()), new BasicCheck(calls, door)));
        return List.of(made, new BasicSignOn(door, InstantSource.system()));
    }

    /// Answers what the service asks about it; there once [#ways] was called.
    public Optional<PasswordQuestion> question() {
        return question;
    }

    public void start() {
        Thread.ofVirtual().name("application-passwords").start(this::watch);
    }

    private void watch() {
        try {
            do {
                share();
                form.ifPresent(FormSignOn::sweep);
                form.ifPresent(this::endOver);
            } while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void share() {
        try {
            int taken = door.share();
            if (taken > 0) {
                LOG.atInfo().addKeyValue("copies", taken).log("passwords sealed for other connectors of the group");
            }
            if (away) {
                LOG.info("the service takes this connector's key again");
            }
            away = false;
        } catch (LoginFault | ConnectorFault e) {
            if (!away && stopped.getCount() > 0) {
                LOG.atWarn()
                        .addKeyValue("reason", e.getMessage())
                        .log("the service does not take this connector's key for passwords; trying on");
            }
            away = true;
        } catch (RuntimeException e) { // a fault of ours must not end it for good
            LOG.error("sharing passwords failed in an unforeseen way; trying on", e);
        }
    }

    /// Signs out at applications whoever is signed out here.
    private void endOver(FormSignOn sessions) {
        List<HeldSession> held = sessions.held();
        if (held.isEmpty()) {
            return;
        }
        try {
            door.ended(held).forEach(sessions::end);
        } catch (LoginFault | ConnectorFault e) {
            LOG.atDebug()
                    .addKeyValue("reason", e.getMessage())
                    .log("the service does not say which sessions are over; trying on");
        } catch (RuntimeException e) { // a fault of ours must not end it for good
            LOG.error("asking which sessions are over failed in an unforeseen way; trying on", e);
        }
    }

    @Override
    public void close() {
        stopped.countDown();
    }
}
