-- From release 0.2.0 to 0.3.0.
\echo Use "ALTER EXTENSION autocrm UPDATE" to load this file. \quit
