import { z } from 'zod';

// Compiled checks of schemas pay from the hundredth document on, and this command reads one.
// Imported before any schema is made: each decides then.
z.config({ jitless: true });
