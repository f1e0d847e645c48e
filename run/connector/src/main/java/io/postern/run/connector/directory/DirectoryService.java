package io.postern.run.connector.directory;

import io.postern.connector.directory.DirectoryFault;
import io.postern.connector.directory.DirectoryJob;
import io.postern.connector.directory.DirectoryReading.Outcome;
import java.time.Duration;
import java.util.Optional;

/// Who wants directories to be read (docs/protocol/tunnel.md §6). Calls block for seconds at most.
interface DirectoryService {
    /// @param working the job at hand, to be kept; without it any job of before is abandoned
    Answer ask(String directory, Optional<String> working);

    /// @param entries JSON, an object each, with commas between
    /// @return the number of the page that is wanted next
    int page(String job, int sequence, String entries);

    void done(String job, Outcome outcome);

    void failed(String job, DirectoryFault fault);

    /// @param pause before the next question
    /// @param standby another connector of the group reads it
    record Answer(Duration pause, boolean standby, Optional<DirectoryJob> job) {}

    /// The service has given the job up, or to another.
    final class JobLost extends RuntimeException {
        private static final long serialVersionUID = 1;

        JobLost(String message) {
            super(message);
        }
    }

    /// The service cannot be reached, or cannot do it now. To be tried again.
    final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unavailable(String message) {
            super(message);
        }

        Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /// The service does not take what it was sent; trying again would not help.
    final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message);
        }
    }
}
