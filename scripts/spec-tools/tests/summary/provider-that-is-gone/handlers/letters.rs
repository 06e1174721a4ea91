struct Log;
