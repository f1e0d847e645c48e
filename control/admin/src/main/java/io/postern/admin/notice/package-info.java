/// Mail: how it leaves the outbox. What puts it there is in `service`.
package io.postern.admin.notice;
