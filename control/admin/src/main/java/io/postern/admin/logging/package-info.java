/// What becomes of the logs after they are written: sent to receivers outside, and cut when they are old.
package io.postern.admin.logging;
