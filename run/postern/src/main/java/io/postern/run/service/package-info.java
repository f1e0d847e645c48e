/// The service process: its configuration, the rooms built by constructors, started in order and stopped
/// in reverse. Owns no rule of the rooms.
package io.postern.run.service;
