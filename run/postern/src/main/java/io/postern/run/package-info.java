/// The command `postern`: reads the command line, and says in one sentence what went wrong. Floor 5.
package io.postern.run;
