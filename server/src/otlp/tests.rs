mod hostile;
mod joins;
mod records;
mod refused;
mod rows;
mod runs;
mod usage;
