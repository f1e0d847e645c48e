package io.postern.admin.audit;

import io.postern.domain.event.AccessBatch;
import io.postern.domain.event.AccessEvent;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Hands exchanges to the log `access`, whose encoders write a line for each. Never a query string, a
/// cookie or a token: an event holds none.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("access");

    void write(List<AccessEvent> events) {
        if (LOG.isInfoEnabled()) {
            LOG.info("{}", new AccessBatch(events));
        }
    }
}
